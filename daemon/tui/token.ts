/** The variable by which the dashboard is given the owner's token. */
export const tokenVariable = "FAULTLINE_DASHBOARD_TOKEN";
