-- What a filing was made from, and by which rules: the same again is neither read nor transformed.
alter table filing add column input text;
create index filing_input on filing (input);
