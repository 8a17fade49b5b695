-- Who watches what and where it is told, what was told, and when scheduled jobs ran.

create table subscriber (
    id       bigint generated always as identity primary key,
    platform text not null,
    chat     text not null,
    thread   text,
    private  boolean not null,
    person   text,                              -- who set it last, whose level it has; null once forgotten
    at       time,                              -- of Seoul; null: settings.digest.time
    active   boolean not null default true,
    empty    boolean not null default false,    -- told also on trading days without a filing
    instant  text[] not null default '{}',      -- kinds told as they come (core/digest/kinds.toml)
    since    date not null default korean_day(),-- what was received before is not told
    digested date,                              -- the last day that was told, or had nothing to tell
    unique nulls not distinct (platform, chat, thread)
);
create index subscriber_person on subscriber (person) where person is not null;

create table watch (
    subscriber bigint not null references subscriber on delete cascade,
    corp_code  text not null,                   -- '*': what is important in the whole market
    since      date not null default korean_day(),
    primary key (subscriber, corp_code)
);

-- Told, in the transaction that put the message into `job`: each filing once to each, for ever.
create table digest_item (
    subscriber bigint not null references subscriber on delete cascade,
    rcept_no   text not null,
    told_at    timestamptz not null default now(),
    primary key (subscriber, rcept_no)
);
create index digest_item_told on digest_item (told_at);

-- A slot of a scheduled job is run once over all processes (core/store/schedule.py).
create table job_run (
    job         text not null,
    slot        timestamptz not null,
    token       uuid not null default gen_random_uuid(),
    host        text not null,
    attempts    integer not null default 1,
    started_at  timestamptz not null default now(),
    lease_until timestamptz not null,
    ended_at    timestamptz,
    outcome     text,                           -- 'ok', or what went wrong in one line
    primary key (job, slot)
);
create index job_run_open on job_run (job) where ended_at is null;
create index job_run_ended on job_run (ended_at) where ended_at is not null;

-- What an operator was told of, from when it is wrong until it is right again.
create table incident (
    name     text not null,
    since    timestamptz not null,
    told_at  timestamptz not null default now(),
    ended_at timestamptz,
    primary key (name, since)
);
create unique index incident_open on incident (name) where ended_at is null;
