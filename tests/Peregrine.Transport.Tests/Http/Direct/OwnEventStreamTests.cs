namespace Peregrine.Transport.Tests.Http.Direct;

public sealed class OwnEventStreamTests : EventStreamTests
{
    protected override bool OwnSockets => true;
}
