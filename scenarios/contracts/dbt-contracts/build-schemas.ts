/** dbt's target schema; its staging views live here and end with the try. */
export const buildSchema = "build";
/** Where dbt puts the marts, as its project says. */
export const builtMarts = `${buildSchema}_marts`;
