-- Filings as transformed: sections, figures with the address of their cell, and what was refused.

create table filing (
    rcept_no      text primary key,
    corp_code     text not null,
    corp_name     text not null,
    report_nm     text not null,
    form          text not null,
    rcept_dt      date not null,
    stock_code    text,
    period        text,
    supersedes    text,     -- both links are derived from the filings at hand by load.link_amendments
    superseded_by text,
    withdrawn     boolean not null default false,
    fictional     boolean not null default false,
    digest        text not null,
    doc_path      text not null,
    warnings      text[] not null default '{}',
    changes       jsonb not null default '[]',
    amends        boolean not null default false,
    first_filed   date,     -- what an amendment says of its original; often wrong, so only a hint
    loaded_at     timestamptz not null default now()
);
create index filing_corp on filing (corp_code, rcept_no);

create table company (
    corp_code  text primary key,
    corp_name  text not null,
    stock_code text,
    aliases    text[] not null default '{}'
);

create table passage (
    rcept_no text not null references filing on delete cascade,
    ordinal  integer not null,
    path     text not null,
    text     text not null,
    primary key (rcept_no, ordinal)
);

create table figure (
    rcept_no    text not null references filing on delete cascade,
    ordinal     integer not null,           -- document order
    corp_code   text not null,
    account     text not null,
    account_key text not null,              -- lower case, no white space
    value       numeric not null,
    unit        text not null,
    period      text,
    basis       text,
    section     text not null,
    table_no    integer not null,
    row_label   text not null,
    column_label text not null,
    row_no      integer not null,
    column_no   integer not null,
    cell        text not null,
    scale       bigint not null,
    segment     text,
    primary key (rcept_no, ordinal)
);
-- "contains" reads one company's stretch of this index and never the table
create index figure_account on figure (corp_code, account_key, rcept_no);

create table quarantine (
    source   text primary key,
    rcept_no text,
    reason   text not null,
    digest   text,
    at       timestamptz not null default now()
);
create index quarantine_rcept on quarantine (rcept_no) where rcept_no is not null;
