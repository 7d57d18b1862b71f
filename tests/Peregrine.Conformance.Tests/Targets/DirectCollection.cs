namespace Peregrine.Conformance.Tests.Targets;

/// <summary>The test classes that share one server process.</summary>
[CollectionDefinition(Name)]
public sealed class DirectCollection : ICollectionFixture<DirectTarget>
{
    internal const string Name = "one conformance server";
}
