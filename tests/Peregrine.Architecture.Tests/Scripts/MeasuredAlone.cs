namespace Peregrine.Architecture.Tests.Scripts;

/// <summary>Keeps other tests of this project from running while the launch script is timed.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
