import { Histogram, type Registry } from 'prom-client';

/** From a read of one row to the longest that a request may take, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30];

/** Notes each request by its route and status: never by its address, in which ids stand. */
export class Requests {
  private readonly durations: Histogram<'route' | 'status'>;

  constructor(registry: Registry) {
    this.durations = new Histogram({
      name: 'perennial_http_request_seconds',
      help: 'How long requests take, by route and status.',
      labelNames: ['route', 'status'],
      buckets: BUCKETS,
      registers: [registry],
    });
  }

  note(route: string | undefined, status: number, seconds: number): void {
    this.durations.observe({ route: route ?? 'none', status: String(status) }, seconds);
  }
}
