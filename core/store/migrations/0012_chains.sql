-- Amendments: what tells a filing's place among others, and that place, which is derived from all filings
-- of the company at hand (core/etl/chain.py).
alter table filing
    add column clues        jsonb,              -- null where it was loaded before they were read
    add column corrects     text,               -- the filing before it in its chain
    add column amended_by   text,               -- an amendment that leaves it in its place: no whole text
    add column withdrawn_by text;               -- the 철회신고서 that names it

create index receipt_corp on receipt ((row ->> 'corp_code'), rcept_no);
create index receipt_amending on receipt ((row ->> 'corp_code')) where row ->> 'report_nm' like '[%';

-- Companies whose filings are to be linked anew. Whatever changes what linking reads says so here, in the
-- same transaction: an amendment may be listed, marked or loaded in any order and by any program.
create table relink (corp_code text primary key);

create function relink_filed() returns trigger language plpgsql as $$
begin
    insert into relink select distinct corp_code from added on conflict do nothing;
    return null;
end $$;
create trigger filing_relinks after insert on filing
    referencing new table as added for each statement execute function relink_filed();

create function relink_withdrawn() returns trigger language plpgsql as $$
begin
    insert into relink values (new.corp_code) on conflict do nothing;
    return null;
end $$;
create trigger withdrawal_relinks after update of withdrawn on filing for each row
    when (old.withdrawn is distinct from new.withdrawn and old.withdrawn_by is not distinct from new.withdrawn_by)
    execute function relink_withdrawn();

create function relink_listed() returns trigger language plpgsql as $$
begin
    insert into relink select new.row ->> 'corp_code' where new.row ->> 'corp_code' is not null
    on conflict do nothing;
    return null;
end $$;
create trigger receipt_relinks after insert on receipt for each row
    when (new.row ->> 'report_nm' like '%[%' or new.row ->> 'rm' ~ '[정철]')
    execute function relink_listed();
create trigger mark_relinks after update of row on receipt for each row
    when (old.row ->> 'rm' is distinct from new.row ->> 'rm' or old.row ->> 'report_nm' is distinct from new.row ->> 'report_nm')
    execute function relink_listed();

insert into relink select distinct corp_code from filing;

-- When filings that were listed long ago were last asked for their marks again.
alter table listed add column marked date;

-- When a stage last did all that it was asked, for `etl status`.
create table etl_success (
    stage text primary key,
    at    timestamptz not null default now()
);
create index filing_state on filing (form, withdrawn) include (superseded_by);
create index filing_rcept_dt on filing (rcept_dt);
create index filing_open on filing (rcept_no) where amends and corrects is null or amended_by is not null;
create index filing_current on filing (rcept_no)
    where superseded_by is null and amended_by is null and not withdrawn;
create index receipt_absent on receipt (rcept_no) where state = 'absent';
create index receipt_failed on receipt (reason) where state = 'pending' and reason is not null;
create index receipt_marked on receipt (rcept_no) where row ->> 'rm' like '%정%';
