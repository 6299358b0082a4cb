import { getOctokit } from '@actions/github';

/** An answer of GitHub's, of whatever status; `data` is JSON, or text where the answer is none. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
}

/** The door to GitHub's REST API of one repository. */
export class GitHub {
  private readonly octokit: ReturnType<typeof getOctokit>;
  private readonly repository: string;

  constructor(token: string, repository: string) {
    this.octokit = getOctokit(token);
    this.repository = repository;
  }

  /** Asks for a path below the repository's. Throws where no answer comes at all. */
  async get(path: string, accept = 'application/vnd.github+json'): Promise<Answer> {
    try {
      const { status, data } = await this.octokit.request(`GET /repos/${this.repository}/${path}`, {
        headers: { accept },
      });
      return { status, data };
    } catch (error) {
      const { status, response } = error as { status?: number; response?: { data: unknown } };
      if (typeof status !== 'number' || response === undefined) throw error;
      return { status, data: response.data };
    }
  }
}
