using Peregrine.Conformance.Tests.Targets;

namespace Peregrine.Conformance.Tests.Suite;

/// <summary>The official suite through a gateway.</summary>
[Collection(GatewayCollection.Name)]
public sealed class GatewayTests(GatewayTarget target) : SuiteTests(target);
