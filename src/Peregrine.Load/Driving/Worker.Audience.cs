using Peregrine.Load.Driving.Audiences;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Load.Driving;

/// <summary>The audience: who has heard of the change that the one call in hand made.</summary>
internal sealed partial class Worker
{
    private User? _speaker;
    private long _change;
    private long _changedAt;
    private int _heard;

    public void OnEvent(Channel channel, ReadOnlySpan<byte> data)
    {
        var now = _run.Clock.Now;
        if (!EnvelopeReader.TryRead(data, out var envelope) || envelope.Method != McpMethod.NotificationsResourcesUpdated)
        {
            return;
        }

        var member = _audience[channel.Token - ((_users.Length + 1) * 2)];
        if (_speaker is not { } user || member.Heard == _change)
        {
            return;
        }

        member.Heard = _change;
        _heard++;
        _tally.Deliveries.Record(now - _changedAt);
        if (_heard == _audience.Length && user.Step == UserStep.Hearing)
        {
            _inFlight--;
            _tally.Succeed(user.Plan, now - user.Due, now - user.SentAt, now);
            AfterCall(user, now, canGoOn: true);
        }
    }

    private void BeginHearing(User user, long now)
    {
        _speaker = user;
        _change++;
        _changedAt = now;
        _heard = 0;
    }
}
