using Peregrine.Conformance.Tests.Targets;

namespace Peregrine.Conformance.Tests.Suite;

/// <summary>The official suite against a server.</summary>
[Collection(DirectCollection.Name)]
public sealed class DirectTests(DirectTarget target) : SuiteTests(target);
