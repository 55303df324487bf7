-- The administrators' archive, its jobs and its modes.
SELECT 1;
