namespace Peregrine.Transport.Tests.Http.Direct;

public sealed class OwnCompressionTests : CompressionTests
{
    protected override bool OwnSockets => true;
}
