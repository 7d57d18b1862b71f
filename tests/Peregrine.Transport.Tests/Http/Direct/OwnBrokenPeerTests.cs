namespace Peregrine.Transport.Tests.Http.Direct;

public sealed class OwnBrokenPeerTests : BrokenPeerTests
{
    protected override bool OwnSockets => true;
}
