-- What OpenDART's tables tell of a filing beside its document, and of a company beside its filings.

create table supplement (
    rcept_no text primary key,                  -- of the filing the answer names; it may not be listed yet
    state    text not null check (state in ('kept', 'used', 'none')),
    at       timestamptz not null default now()
);
create index supplement_kept on supplement (rcept_no) where state = 'kept';

-- A supplement is used up by whatever is loaded or refused of its filing, in the same transaction; where it
-- changes nothing, by the refresh that read it.
create function use_supplement() returns trigger language plpgsql as $$
begin
    update supplement set state = 'used' where rcept_no = new.rcept_no and state = 'kept';
    return null;
end $$;
create trigger filing_uses_supplement after insert on filing
    for each row execute function use_supplement();
create trigger quarantine_uses_supplement after insert or update on quarantine
    for each row execute function use_supplement();

create table outline (                          -- of company.json
    corp_code  text primary key,
    stock_name text,                            -- the exchange's name: 현대차 for 현대자동차
    acc_mt     integer,                         -- month in which the fiscal year ends
    at         timestamptz not null default now()
);
