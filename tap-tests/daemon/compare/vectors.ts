/** The worked example of the method: pair statistics, history, and what must come out. */
export const pairs = [0.11, -0.02, 0.16, 0.09, 0.21, 0.03, 0.14, 0.1, -0.05, 0.18];
export const noise = { variance: 0.0144, df: 8 };
