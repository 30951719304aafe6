import { z } from 'zod';

export const DEFAULT_PAGE = 50;
export const LARGEST_PAGE = 200;

/** How many of something are asked for, 1 to `most`, as a text. */
export const upTo = (most: number, error: string) =>
  z
    .string()
    .regex(/^\d{1,3}$/, { abort: true })
    .refine((digits) => Number(digits) >= 1 && Number(digits) <= most, {
      error,
      params: { code: 'out-of-range' },
    });

/** The parameters of every list. They come as texts, since they stand in an address. */
export const pageQuery = {
  pageSize: upTo(LARGEST_PAGE, `A page has 1 to ${String(LARGEST_PAGE)} rows.`)
    .exactOptional()
    .meta({
      description: `Rows of a page, 1 to ${String(LARGEST_PAGE)}, else ${String(DEFAULT_PAGE)}.`,
      examples: ['50'],
    }),
  pageToken: z
    .string()
    .min(1)
    .max(2_000)
    .exactOptional()
    .meta({ description: 'The nextPageToken of the page before.' }),
};

/** One page of a list; `nextPageToken` is null on the last one. */
export const pageOf = <T extends z.ZodType>(row: T) =>
  z.looseObject({
    data: z.array(row).meta({ description: 'The rows.' }),
    nextPageToken: z
      .string()
      .nullable()
      .meta({ description: 'Opaque; good for a day, with the same filter.' }),
  });
