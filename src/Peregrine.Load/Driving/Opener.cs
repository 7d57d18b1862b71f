using System.Net;
using System.Text;
using System.Text.Json;
using Peregrine.Load.Driving.Audiences;
using Peregrine.Load.Driving.Calls;
using Peregrine.Load.Driving.Http;
using Peregrine.Load.Driving.Polling;
using Peregrine.Load.Driving.Stdio;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Load.Driving;

/// <summary>
/// Opens the conversation before the load: finds out which era the server speaks (<c>server/discover</c> first, then <c>initialize</c>), opens the session that users share, looks up what
/// the workload leaves to the server. For one thread, which it blocks.
/// </summary>
internal sealed class Opener : IChannelOwner, IAsyncDisposable
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(5);

    private readonly RunContext _run;
    private readonly PollSet _polls = PollSet.Create();
    private readonly PollEvent[] _events = new PollEvent[4];
    private Channel? _channel;
    private int _id = RequestTemplate.FirstId;
    private (int Status, byte[] Message, byte[] Session)? _answer;
    private string? _failure;
    private AudienceOpener? _audience;
    private CancellationToken _cancelled;

    internal Opener(RunContext run) => _run = run;

    /// <summary>What the server says it is.</summary>
    internal string? ServerName { get; private set; }

    /// <summary>Operations that were left out, and why.</summary>
    internal List<string> LeftOut { get; } = [];

    /// <summary>Opens the conversation and fills the run in.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadException">The server cannot be reached, or does not speak MCP.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    internal void Open(CancellationToken cancellationToken)
    {
        _cancelled = cancellationToken;
        try
        {
            Agree();
            RequireTools();
            _run.Plans = [.. Resolve().Select(operation => new CallPlan(operation, _run.Format))];
            OpenAudience();
        }
        catch (Exception exception) when (exception is McpTransportException or IOException or System.Net.Sockets.SocketException or PlatformNotSupportedException)
        {
            throw new LoadException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // No JSON, or JSON of another form than MCP's: a member that is missing, or of another type.
            throw new LoadException($"The answer of {_run.Target.Name} could not be read: {exception.Message}", exception);
        }
    }

    /// <summary>Gives the audience's streams to a worker; empty where the workload has none.</summary>
    internal AudienceMember[] HandOverAudience(IChannelOwner owner, PollSet polls, int firstToken) => _audience?.HandOver(owner, polls, firstToken) ?? [];

    /// <summary>Gives the process to a worker.</summary>
    internal Channel HandOver(IChannelOwner owner, PollSet polls, int token)
    {
        var channel = _channel!;
        _channel = null;
        channel.Move(owner, polls, token);
        return channel;
    }

    public void OnMessage(Channel channel, int status, ReadOnlySpan<byte> message, ReadOnlySpan<byte> sessionId)
    {
        if (_run.IsHttp
            || (EnvelopeReader.TryRead(message, out var envelope) && envelope.Kind is MessageKind.Response or MessageKind.Error && ReplyJudge.TryReadId(envelope.Id.Of(message), out var id) && id == _id))
        {
            _answer = (status, message.ToArray(), sessionId.ToArray());
        }
    }

    public void OnBroken(Channel channel, LoadError error, string why) => _failure = why;

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
        {
            await CloseAsync(_channel).ConfigureAwait(false);
        }

        _audience?.Dispose();
        _polls.Dispose();
    }

    private void OpenAudience()
    {
        if (_run.Plans.Length == 0)
        {
            throw new LoadException($"Nothing is left of the workload: {string.Join("; ", LeftOut)}.");
        }

        if (_run.Workload.Audience is { } audience)
        {
            _audience = new AudienceOpener(_run, audience, _cancelled);
            _audience.Open();
        }
    }

    private static async ValueTask CloseAsync(Channel channel)
    {
        channel.Dispose();
        if (OperatingSystem.IsLinux() && channel is StdioChannel { Process: var process })
        {
            await process.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Agree()
    {
        var wanted = _run.Options.ProtocolVersion is { } given ? ProtocolVersions.Parse(given) : ProtocolVersion.Unknown;
        if (wanted != ProtocolVersion.Unknown && wanted.Era() == ProtocolEra.Session)
        {
            OpenSession(wanted);
            return;
        }

        var (status, message) = Probe();
        var version = Judge(status, message);
        if (version.Era() == ProtocolEra.Session && wanted != ProtocolVersion.Unknown)
        {
            throw new LoadException($"{_run.Target.Name} does not speak {wanted.ToText()}: it answers server/discover with {Excerpt(message)}");
        }

        if (version.Era() == ProtocolEra.Stateless)
        {
            Use(version);
            ReadServer(message);
            return;
        }

        OpenSession(version);
    }

    private void OpenSession(ProtocolVersion version)
    {
        Use(version);
        var (initializeStatus, answer, session) = Exchange(_run.Format.Initialize(), [], _run.Options.CallTimeout)
            ?? throw new LoadException($"{_run.Target.Name} does not answer initialize{(_failure is null ? " in time" : $": {_failure}")}.");
        using var reply = ParseReply(answer, initializeStatus);
        if (!reply.RootElement.TryGetProperty("result", out var result))
        {
            throw new LoadException($"{_run.Target.Name} refuses initialize: {Excerpt(answer)}");
        }

        var agreed = ProtocolVersions.Parse(result.TryGetProperty("protocolVersion", out var named) ? named.GetString() : "");
        Use(agreed == ProtocolVersion.Unknown ? version : agreed);
        ReadServer(answer);
        var header = session.Length > 0 ? MessageFormat.SessionHeader(session) : [];
        if (_run.IsHttp)
        {
            Exchange(_run.Format.Initialized(), header, _run.Options.CallTimeout);
        }
        else
        {
            Post(_run.Format.Initialized(), header);
        }

        _run.SharedSession = header;
    }

    private (int Status, byte[] Message) Probe()
    {
        Use(ProtocolVersions.Latest);
        if (Exchange(_run.Format.Discover(), [], _run.IsHttp ? _run.Options.CallTimeout : ProbeTime) is { } answer)
        {
            return (answer.Status, answer.Message);
        }

        // Some servers of the session era hang or exit at a method they do not know; one that cannot be reached is told by the next try.
        return _run.IsHttp ? throw new LoadException($"{_run.Target.Name} cannot be reached: {_failure ?? "no answer in time"}.") : (0, []);
    }

    private void Use(ProtocolVersion version)
    {
        _run.Version = version;
        _run.Format = new MessageFormat(_run.Target, version);
    }

    private ProtocolVersion Judge(int status, byte[] message)
    {
        if (status is 401 or 403 or 408 or 429 or >= 500)
        {
            throw new LoadException($"{_run.Target.Name} answers with HTTP {status}: {Excerpt(message)}{(status is 401 or 403 ? " Give credentials with a header." : "")}");
        }

        if (!EnvelopeReader.TryRead(message, out var envelope))
        {
            return ProtocolVersions.LatestOfSessionEra;
        }

        using var document = JsonDocument.Parse(message);
        if (envelope.Kind == MessageKind.Response)
        {
            return document.RootElement.GetProperty("result") is { ValueKind: JsonValueKind.Object } result && result.TryGetProperty("supportedVersions", out var supported)
                ? Best(supported)
                : ProtocolVersions.LatestOfSessionEra;
        }

        var error = document.RootElement.GetProperty("error");
        var code = error.GetProperty("code").GetInt32();
        if (code == ErrorCodes.UnsupportedProtocolVersion && error.TryGetProperty("data", out var data) && data.TryGetProperty("supported", out var versions))
        {
            return Best(versions);
        }

        return code is ErrorCodes.HeaderMismatch or ErrorCodes.MissingRequiredClientCapability ? ProtocolVersions.Latest : ProtocolVersions.LatestOfSessionEra;
    }

    private ProtocolVersion Best(JsonElement versions)
    {
        var best = versions.EnumerateArray().Select(static version => ProtocolVersions.Parse(version.GetString())).Max();
        return best == ProtocolVersion.Unknown ? throw new LoadException($"{_run.Target.Name} supports no revision that is known here: {versions.GetRawText()}") : best;
    }

    private void ReadServer(byte[] message)
    {
        using var document = JsonDocument.Parse(message);
        if (document.RootElement.TryGetProperty("result", out var result)
            && ((result.TryGetProperty("serverInfo", out var info)) || (result.TryGetProperty("_meta", out var meta) && meta.TryGetProperty("io.modelcontextprotocol/serverInfo", out info)))
            && info.ValueKind == JsonValueKind.Object)
        {
            var name = info.TryGetProperty("name", out var text) ? text.ToString() : "";
            ServerName = info.TryGetProperty("version", out var number) ? $"{name} {number}" : name;
        }
    }

    // What the workload leaves to the server: the first resource, the first prompt.
    private IEnumerable<Operation> Resolve()
    {
        foreach (var operation in _run.Workload.Operations)
        {
            if (operation.Target is not null || operation.Kind is not (OperationKind.ReadResource or OperationKind.GetPrompt))
            {
                yield return operation;
            }
            else if (First(operation.Kind) is { } found)
            {
                yield return operation with { Target = found };
            }
            else
            {
                LeftOut.Add($"{operation.Name}: the server lists no {(operation.Kind == OperationKind.ReadResource ? "resource" : "prompt without arguments")}");
            }
        }
    }

    // Every call would fail, and a run of errors says less than this.
    private void RequireTools()
    {
        var wanted = _run.Workload.Operations.Where(static one => one.Kind == OperationKind.CallTool).Select(static one => one.Target!).Distinct().ToArray();
        var request = _run.Format.Call(new Operation { Name = "tools/list", Kind = OperationKind.ListTools }, null);
        if (wanted.Length == 0 || Exchange(request, _run.SharedSession, _run.Options.CallTimeout) is not { Status: 200 } answer)
        {
            return;
        }

        using var document = JsonDocument.Parse(answer.Message);
        if (!document.RootElement.TryGetProperty("result", out var result) || !result.TryGetProperty("tools", out var tools) || result.TryGetProperty("nextCursor", out _))
        {
            return;
        }

        var there = tools.EnumerateArray().Select(static tool => tool.GetProperty("name").GetString()).ToHashSet();
        if (wanted.Where(name => !there.Contains(name)).ToArray() is { Length: > 0 } missing)
        {
            throw new LoadException(
                $"{_run.Target.Name} has no tool {string.Join(", ", missing)}, which the workload \"{_run.Workload.Name}\" calls; it has {string.Join(", ", there.Take(20))}. Take another preset, or a workload file with its tools.");
        }
    }

    private string? First(OperationKind kind)
    {
        var (list, members, member) = kind == OperationKind.ReadResource ? (OperationKind.ListResources, "resources", "uri") : (OperationKind.ListPrompts, "prompts", "name");
        var request = _run.Format.Call(new Operation { Name = members, Kind = list }, null);
        if (Exchange(request, _run.SharedSession, _run.Options.CallTimeout) is not { Status: 200 } answer)
        {
            return null;
        }

        using var document = JsonDocument.Parse(answer.Message);
        return document.RootElement.TryGetProperty("result", out var result) && result.TryGetProperty(members, out var items)
            ? items.EnumerateArray()
                .Where(static item => !item.TryGetProperty("arguments", out var arguments) || arguments.EnumerateArray().All(static one => !one.TryGetProperty("required", out var required) || required.ValueKind != JsonValueKind.True))
                .Select(item => item.GetProperty(member).GetString())
                .FirstOrDefault()
            : null;
    }

    private JsonDocument ParseReply(byte[] message, int status) => EnvelopeReader.TryRead(message, out _)
        ? JsonDocument.Parse(message)
        : throw new LoadException($"{_run.Target.Name} does not speak MCP: it answers with {(_run.IsHttp ? $"HTTP {status}: " : "")}{Excerpt(message)}");

    private static string Excerpt(byte[] message) => message.Length == 0 ? "(nothing)" : Encoding.UTF8.GetString(message, 0, Math.Min(message.Length, 300));

    private (int Status, byte[] Message, byte[] Session)? Exchange(RequestTemplate request, byte[] session, TimeSpan time)
    {
        _answer = null;
        _failure = null;
        Post(request, session);
        var until = _run.Clock.Now + (long)(time.TotalSeconds * RunClock.Second);
        while (_answer is null && _failure is null && _run.Clock.Now is var now && now < until)
        {
            _cancelled.ThrowIfCancellationRequested();
            var count = _polls.Wait(Math.Min(until - now, RunClock.LookTime), _events);
            for (var i = 0; i < count; i++)
            {
                _channel!.OnReady(_events[i]);
            }
        }

        return _answer;
    }

    private void Post(RequestTemplate request, byte[] session)
    {
        if (_channel is not { IsOpen: true })
        {
            _channel?.Dispose();
            _channel = Connect();
            _channel.User = new User(0, 0);
        }

        _id++;
        using var writer = new Protocol.Buffers.PooledByteWriter();
        using var message = new Protocol.Buffers.PooledByteWriter();
        using var expected = new Protocol.Buffers.PooledByteWriter();
        request.Write(writer, message, _id, session, new ArgumentState(0, new Random(0), 0, 1), expected);
        _channel.Send(writer.WrittenSpan);
        _channel.Flush();
    }

    private Channel Connect()
    {
        if (_run.Target.Endpoint is not { } endpoint)
        {
            return OperatingSystem.IsLinux()
                ? new StdioChannel(this, _polls, 0, _run.Process, _run.Options.MaxReplyLength)
                : throw new PlatformNotSupportedException("Measuring a command needs Linux; start the server yourself and give its URL.");
        }

        _run.EndPoint ??= Find(endpoint);
        return new HttpChannel(this, _polls, 0, _run.EndPoint, _run.Options.MaxReplyLength);
    }

    // One address for the whole run: users must not be spread over machines by chance.
    private static IPEndPoint Find(Uri endpoint)
    {
        var addresses = Dns.GetHostAddresses(endpoint.DnsSafeHost);
        var address = addresses.FirstOrDefault(static one => one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) ?? addresses[0];
        return new IPEndPoint(address, endpoint.Port);
    }
}
