-- What a filing was made from, and by which rules: the same again is neither read nor transformed.
alter table filing add column input text;
create index filing_input on filing (input);
-- The company's name in the document itself, where DART's list has another by now: a name people know.
alter table filing add column filed_as text;
alter table figure add column caption text not null default '';
