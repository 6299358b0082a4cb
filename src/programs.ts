/** Both programs: one bundle has what they share once, and loads of each what it needs (.ci/build.ts). */
export async function action(): Promise<void> {
  await import('./main.ts');
}

export async function commandLine(): Promise<void> {
  await import('./cli.ts');
}
