namespace Peregrine.Execution.Tests.Ledger;

/// <summary>What counts the bytes of the whole process must run while nothing else does.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
