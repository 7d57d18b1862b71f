namespace Peregrine.Transport.Tests.Http.Direct;

public sealed class OwnPoolTests : PoolTests
{
    protected override bool OwnSockets => true;
}
