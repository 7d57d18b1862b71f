namespace Peregrine.Transport.Tests.Http.Direct;

public sealed class OwnHttpConnectionTests : HttpConnectionTests
{
    protected override bool OwnSockets => true;
}
