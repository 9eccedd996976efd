// For tests that start many processes: tap's own loader, which it hands on to every child, doubles what each start costs.
delete process.env.NODE_OPTIONS;
