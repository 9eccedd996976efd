/** Exit code by which the dashboard tells its parent, the daemon, that its user wants the daemon to end. */
export const quitCode = 64;
