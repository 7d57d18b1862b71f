// These tests measure and start processes: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
