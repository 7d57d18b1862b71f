namespace Peregrine.Conformance.Tests.Targets;

/// <summary>The test classes that share one gateway process.</summary>
[CollectionDefinition(Name)]
public sealed class GatewayCollection : ICollectionFixture<GatewayTarget>
{
    internal const string Name = "one gateway in front of the conformance server";
}
