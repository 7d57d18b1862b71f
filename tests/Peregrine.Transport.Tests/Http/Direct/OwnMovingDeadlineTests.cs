namespace Peregrine.Transport.Tests.Http.Direct;

public sealed class OwnMovingDeadlineTests : MovingDeadlineTests
{
    protected override bool OwnSockets => true;
}
