using System.Text;
using Peregrine.Load.Driving.Calls;
using Peregrine.Load.Driving.Http;
using Peregrine.Load.Driving.Polling;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Versions;

namespace Peregrine.Load.Driving.Audiences;

/// <summary>
/// Opens the streams of an audience before the load: <c>subscriptions/listen</c> in the stateless era; in the session era a session each, its GET stream, <c>resources/subscribe</c>. For
/// one thread, which it blocks.
/// </summary>
internal sealed class AudienceOpener(RunContext run, Audience audience, CancellationToken cancellationToken) : IChannelOwner, IDisposable
{
    private readonly PollSet _polls = PollSet.Create();
    private readonly PollEvent[] _events = new PollEvent[256];
    private readonly List<HttpChannel> _streams = [];
    private HttpChannel? _control;
    private (int Status, byte[] Session)? _answer;
    private string? _failure;
    private int _acknowledged;
    private int _id = RequestTemplate.FirstId;

    private string NameOf => run.Target.Name;

    /// <summary>Opens all streams.</summary>
    /// <exception cref="LoadException">The server does not take them.</exception>
    internal void Open()
    {
        if (!run.IsHttp)
        {
            throw new LoadException("An audience needs a server with a URL: over standard streams there is one listener.");
        }

        for (var i = 0; i < audience.Count; i++)
        {
            if (run.Version.Era() == ProtocolEra.Stateless)
            {
                Write(AddStream(), run.Format.Listen(audience.Uri), []);
            }
            else
            {
                OpenSession();
            }
        }

        if (run.Version.Era() == ProtocolEra.Stateless)
        {
            Wait(() => _acknowledged >= audience.Count, () => $"acknowledged {_acknowledged} of {audience.Count} subscriptions");
        }
    }

    /// <summary>Gives the streams to a worker.</summary>
    internal AudienceMember[] HandOver(IChannelOwner owner, PollSet polls, int firstToken)
    {
        var members = new AudienceMember[_streams.Count];
        for (var i = 0; i < members.Length; i++)
        {
            _streams[i].Move(owner, polls, firstToken + i);
            members[i] = new AudienceMember(_streams[i]);
        }

        _streams.Clear();
        return members;
    }

    public void OnMessage(Channel channel, int status, ReadOnlySpan<byte> message, ReadOnlySpan<byte> sessionId) =>
        _answer = (status, sessionId.ToArray());

    public void OnEvent(Channel channel, ReadOnlySpan<byte> data) => _acknowledged++;

    public void OnBroken(Channel channel, LoadError error, string why) => _failure = why;

    public void Dispose()
    {
        foreach (var stream in _streams)
        {
            stream.Dispose();
        }

        _control?.Dispose();
        _polls.Dispose();
    }

    private void OpenSession()
    {
        if (Ask(run.Format.Initialize(), []) is not { Status: 200, Session.Length: > 0 } opened)
        {
            throw new LoadException($"{NameOf} gives no session of its own to each subscriber: its answer to initialize has no session id.");
        }

        var session = MessageFormat.SessionHeader(opened.Session);
        Ask(run.Format.Initialized(), session);
        var stream = AddStream();
        Write(stream, run.Format.Get(), session);
        Wait(() => stream.IsStreaming, static () => "opened no stream for GET");
        if (Ask(run.Format.Subscribe(audience.Uri), session).Status != 200)
        {
            throw new LoadException($"{NameOf} does not take resources/subscribe for {audience.Uri}.");
        }
    }

    private HttpChannel AddStream()
    {
        var stream = new HttpChannel(this, _polls, _streams.Count + 1, run.EndPoint!, run.Options.MaxReplyLength) { IsListening = true };
        _streams.Add(stream);
        return stream;
    }

    private (int Status, byte[] Session) Ask(RequestTemplate request, byte[] session)
    {
        if (_control is not { IsOpen: true })
        {
            _control?.Dispose();
            _control = new HttpChannel(this, _polls, 0, run.EndPoint!, run.Options.MaxReplyLength) { User = new User(0, 0) };
        }

        _answer = null;
        Write(_control, request, session);
        Wait(() => _answer is not null, static () => "did not answer a subscriber");
        return _answer!.Value;
    }

    private void Write(HttpChannel channel, RequestTemplate request, byte[] session)
    {
        using var writer = new PooledByteWriter();
        using var message = new PooledByteWriter();
        using var expected = new PooledByteWriter();
        request.Write(writer, message, ++_id, session, new ArgumentState(0, new Random(0), 0, 1), expected);
        channel.Send(writer.WrittenSpan);
        channel.Flush();
    }

    private void Wait(Func<bool> isDone, Func<string> failed)
    {
        var until = run.Clock.Now + (long)(run.Options.CallTimeout.TotalSeconds * RunClock.Second);
        while (!isDone())
        {
            var now = run.Clock.Now;
            if (_failure is not null || now >= until)
            {
                throw new LoadException($"{NameOf} {failed()}: {_failure ?? "no answer in time"}");
            }

            cancellationToken.ThrowIfCancellationRequested();
            var count = _polls.Wait(Math.Min(until - now, RunClock.LookTime), _events);
            for (var i = 0; i < count; i++)
            {
                var token = _events[i].Token;
                (token == 0 ? _control : _streams[token - 1])?.OnReady(_events[i]);
            }
        }
    }
}
