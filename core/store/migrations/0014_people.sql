-- Who asked how often, what they were answered, and where they talk. All of it goes with /forget.

create table usage (
    event    text primary key,          -- the event's key: handled again, it counts no second time
    person   text not null,
    room     text not null,             -- the chat without its threads
    at       timestamptz not null,      -- of the message
    day      date not null,             -- the Korean day of `at`
    question boolean not null,          -- commands and buttons do not count towards the day
    verdict  text not null              -- what it was told: a replay decides nothing anew
);
create index usage_person on usage (person, at);
create index usage_room on usage (room, day) where question and verdict = 'ok';

create table person_rule (              -- what an admin fixed for somebody
    person          text primary key,
    blocked         boolean not null default false,
    daily_questions integer check (daily_questions >= 0)
);

create table conversation (             -- where a person wrote: their own lanes, and those shared with others
    lane    text not null,
    person  text not null,
    chat    text not null,
    thread  text,
    private boolean not null,
    at      timestamptz not null,       -- of their first message there
    primary key (person, lane)
);

create table answered (                 -- what the buttons under an answer refer to
    id      text primary key,           -- of the event, short enough for a button
    lane    text not null,
    room    text not null,
    person  text not null,
    asked   jsonb not null,             -- the question as the conversation remembers it
    level   text not null,
    next    text[] not null,            -- the questions that were suggested
    sources jsonb not null,
    at      timestamptz not null
);
create index answered_lane on answered (lane, at desc);
create index answered_person on answered (person);

create table feedback (
    event  text primary key,
    person text not null,
    answer text not null,
    kind   text not null,               -- good, bad, simpler, deeper
    at     timestamptz not null,
    unique (person, answer, kind)
);
