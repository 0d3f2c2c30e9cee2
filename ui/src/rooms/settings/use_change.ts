// A change to settings: afterwards everything that shows settings is asked again.
import {useMutation, useQueryClient} from '@tanstack/react-query';
import type {UseMutationResult} from '@tanstack/react-query';

export function useChange<Input, Output>(change: (input: Input) => Promise<Output>, onDone?: (output: Output) => void): UseMutationResult<Output, Error, Input> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async output => {
      onDone?.(output);
      await Promise.all(['settings', 'keys', 'session'].map(first => queries.invalidateQueries({queryKey: [first]})));
    },
  });
}
