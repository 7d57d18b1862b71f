namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>The test classes that share one gateway process.</summary>
[CollectionDefinition(Name)]
public sealed class TwoServersCollection : ICollectionFixture<TwoServersGateway>
{
    internal const string Name = "one gateway in front of two servers";
}
