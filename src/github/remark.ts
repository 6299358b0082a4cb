/** What did not work on GitHub, or was left. All are notes of the report, the first two annotations besides. */
export interface Remark {
  readonly level: 'warning' | 'notice' | 'note';
  readonly message: string;
}
