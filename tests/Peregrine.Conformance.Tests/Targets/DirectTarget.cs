using Peregrine.Conformance.Tests.Suite;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Conformance.Tests.Targets;

/// <summary>The conformance server itself.</summary>
public sealed class DirectTarget : SuiteTarget
{
    internal override ExpectedFailures Expected { get; } = ExpectedFailures.ReadFile("expected-failures.txt");

    protected override Task<Uri> StartAsync() => StartAsync(Programs.ConformanceServer);
}
