-- What questions are held against, made once and not for every question: the labels of a cell, squeezed, and
-- the accounts that a company's filings name. Over years of reports a company has a hundred figures of each
-- account: its accounts are found without reading them.

alter table figure add column labels text not null generated always as (
    replace(lower(account || ' ' || row_label || ' ' || column_label || ' ' || coalesce(segment, '') || ' '
                  || caption), ' ', '')
) stored;

create table account (
    corp_code   text not null,
    account_key text not null,
    bare        text not null,          -- the key without what is in brackets
    account     text not null,          -- as one of its filings writes it
    primary key (corp_code, account_key)
);

insert into account
select corp_code, account_key, regexp_replace(account_key, '\(.*?\)', '', 'g'), min(account)
from figure group by corp_code, account_key;
