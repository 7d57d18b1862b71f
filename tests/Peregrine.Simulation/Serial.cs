// One world at a time: spare objects of the server are shared in the process, and a seed must meet them alone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
