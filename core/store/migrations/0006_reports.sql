-- Brokers' reports: a source of its own kind. They have tables of their own, so that no search, count or
-- figure of filings can meet them, and the word statistics of filings do not change with them.

create table report (
    report_id       text primary key,           -- hash of the file's bytes
    file_name       text not null,
    broker          text not null,
    published       date not null,
    corp_name       text not null,
    stock_code      text,
    title           text not null,
    rating          jsonb,                      -- word, change, quote, page: the broker's claims,
    target          jsonb,                      -- won, change, quote, page: never rows of `figure`
    previous_target jsonb,
    summary         text not null,
    pages           integer,
    loaded_at       timestamptz not null default now(),
    unique (corp_name, broker, published, title)
);
create index report_stock on report (stock_code);

create table report_section (
    report_id  text not null references report on delete cascade,
    ordinal    integer not null,
    topic      text not null,
    title      text not null,
    first_page integer,
    last_page  integer,
    text       text not null,
    primary key (report_id, ordinal)
);

-- A few dozen rows a report and some thousand reports: every row in scope is scored, so there are no
-- stored weights and no index but the keys, and `embedding` may be of any model's size.
create table report_chunk (
    chunk_id  uuid primary key,
    report_id text not null,
    ordinal   integer not null,
    section   integer not null,
    page      integer,
    header    text not null,
    content   text not null,
    terms     text[] not null,
    counts    integer[] not null,               -- in the order of `terms`
    length    integer not null,
    embedding halfvec not null,
    unique (report_id, ordinal),
    foreign key (report_id, section) references report_section on delete cascade
);

create table report_quarantine (
    source text primary key,
    reason text not null,
    at     timestamptz not null default now()
);

-- Filings and reports come in any order: which company a report is of is looked up, never stored.
create index if not exists company_stock on company (stock_code);
create view linked_report as
select r.*, c.corp_code,
       exists (select from filing f where f.corp_code = c.corp_code and f.fictional) as fictional
  from report r
  left join lateral (
      select min(corp_code) as corp_code
        from (select corp_code from company where stock_code = r.stock_code
              union all
              select corp_code from company
               where r.stock_code is null and (corp_name = r.corp_name or r.corp_name = any(aliases))) as named
      having count(*) = 1
  ) c on true;
