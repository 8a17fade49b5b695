-- What told a figure (table, xbrl, fnltt), the XBRL element it was filed as, and whether sources disagree.
alter table figure add column concept text;
alter table figure add column origin text not null default 'table' check (origin in ('table', 'xbrl', 'fnltt'));
alter table figure add column disputed boolean not null default false;
