// For tests that start many processes: tap hands its own loader on to every child, and that is half of what a start costs.
delete process.env.NODE_OPTIONS;
