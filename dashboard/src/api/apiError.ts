import type { Problem } from './types';

/** The daemon refused a request, or could not be reached (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string | null;
  /** What a terminate would lose. */
  readonly unsaved: readonly string[];

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail ?? null;
    this.unsaved = problem.unsaved ?? [];
  }

  /** Reads the problem document of a refused request; a proxy in between may have answered with something else. */
  static async of(response: Response): Promise<ApiError> {
    const fallback: Problem = { title: response.statusText || `HTTP ${response.status}`, status: response.status };
    if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return new ApiError(fallback);
    try {
      const problem = (await response.json()) as Partial<Problem>;
      return new ApiError({ ...fallback, ...problem, status: response.status });
    } catch {
      return new ApiError(fallback);
    }
  }

  static unreachable(): ApiError {
    return new ApiError({ title: 'The daemon does not answer', detail: 'The daemon does not answer. Check the connection to the devbox.', status: 0 });
  }
}
