-- The tables that a question speaks of are read whole: without this all figures of their report are.

create index figure_table on figure (rcept_no, table_no);
