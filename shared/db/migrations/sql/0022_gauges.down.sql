DROP TABLE gauge_groups;
