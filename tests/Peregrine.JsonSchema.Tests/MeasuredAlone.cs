namespace Peregrine.JsonSchema.Tests;

/// <summary>Tests that count what the whole process has, so that nothing else may run beside them.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
