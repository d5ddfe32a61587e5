/** What is counted while the server runs; nothing of it outlives the process. */
export type Metrics = {
  /** Adds one to a counter; `labels` as Prometheus writes them, made by us and few in number. */
  count(name: string, labels: Labels): void;
  /** Sorts a duration (milliseconds) into the buckets of a histogram. */
  time(name: string, labels: Labels, milliseconds: number): void;
  /** Everything that was counted, in no order. */
  read(): Sample[];
};

export type Labels = Readonly<Record<string, string | number>>;

/** One line of what is shown to Prometheus; a histogram is many of them. */
export type Sample = { name: string; labels: Labels; value: number };

/** Upper ends of the buckets, seconds. */
const BUCKETS = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10] as const;
/** Labels come from tables of ours; whatever goes wrong, memory stays bounded. */
const MOST_SERIES = 500;

type Histogram = { name: string; labels: Labels; buckets: number[]; sum: number; count: number };

/** Makes the counters of one server. Counting is a map and an addition. */
export function createMetrics(): Metrics {
  const counters = new Map<string, Sample>();
  const histograms = new Map<string, Histogram>();
  return {
    count: (name, labels) => {
      const key = keyOf(name, labels);
      const known = counters.get(key);
      if (known !== undefined) known.value += 1;
      else if (counters.size < MOST_SERIES) counters.set(key, { name, labels, value: 1 });
    },
    time: (name, labels, milliseconds) => {
      const key = keyOf(name, labels);
      let known = histograms.get(key);
      if (known === undefined) {
        if (histograms.size >= MOST_SERIES) return;
        known = { name, labels, buckets: BUCKETS.map(() => 0), sum: 0, count: 0 };
        histograms.set(key, known);
      }
      const seconds = milliseconds / 1000;
      known.sum += seconds;
      known.count += 1;
      const at = BUCKETS.findIndex((end) => seconds <= end);
      if (at >= 0) known.buckets[at] = (known.buckets[at] ?? 0) + 1;
    },
    read: () => [...counters.values(), ...[...histograms.values()].flatMap(linesOf)],
  };
}

function keyOf(name: string, labels: Labels): string {
  return `${name} ${Object.values(labels).join(' ')}`;
}

function linesOf({ name, labels, buckets, sum, count }: Histogram): Sample[] {
  let below = 0;
  const lines = buckets.map((n, at) => {
    below += n;
    return { name: `${name}_bucket`, labels: { ...labels, le: BUCKETS[at] ?? 0 }, value: below };
  });
  return [
    ...lines,
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { name: `${name}_sum`, labels, value: sum },
    { name: `${name}_count`, labels, value: count },
  ];
}
