using System.Text;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;

namespace Peregrine.Transport.Http;

/// <summary>Makes the HTTP requests of one connection, with the headers that era, session and options want. Thread-safe.</summary>
internal sealed class HttpRequests(HttpConnection connection, HttpConnectionOptions options)
{
    private readonly HttpConnection _connection = connection;
    private readonly HttpConnectionOptions _options = options;
    private volatile string? _sessionId;
    private volatile string? _encoding;

    /// <summary>The session's id, where the server gave one.</summary>
    internal string? SessionId
    {
        get => _sessionId;
        private set => _sessionId = value;
    }

    /// <summary>True where the server has said that it takes compressed messages.</summary>
    internal bool HasEncoding => _encoding is not null;

    internal static string MethodText(ReadOnlySpan<byte> method) =>
        method.SequenceEqual("tools/call"u8) ? "tools/call" : Encoding.UTF8.GetString(method);

    // The header mirrors the body, so it is read from the body: whatever was spliced together, both say the same.
    internal static string? FindName(ReadOnlySpan<byte> body)
    {
        if (!EnvelopeReader.TryRead(body, out var envelope))
        {
            return null;
        }

        var range = envelope.Method switch
        {
            McpMethod.ToolsCall or McpMethod.PromptsGet => envelope.Name,
            McpMethod.ResourcesRead => envelope.Uri,
            McpMethod.TasksGet or McpMethod.TasksUpdate or McpMethod.TasksCancel => envelope.TaskId,
            _ => default,
        };
        return range.IsPresent && JsonText.TryGetString(range.Of(body), out var name) ? name : null;
    }

    /// <summary>Compresses a message where it is long enough and the server takes that.</summary>
    internal void Compress(PooledContent content)
    {
        if (_encoding is { } encoding && content.Body.Length > HttpEncodings.Threshold)
        {
            content.Compress(encoding);
        }
    }

    /// <summary>Takes note of the codings that a response says the server takes.</summary>
    internal void NoteEncodings(HttpResponseMessage response)
    {
        if (_options.Compression && response.Headers.TryGetValues("Accept-Encoding", out var values))
        {
            _encoding = HttpEncodings.Choose(values);
        }
    }

    /// <summary>The server refused a compressed message: none is sent any more until it offers again.</summary>
    internal void StopCompressing() => _encoding = null;

    internal HttpRequestMessage CreatePost(HttpContent content, string method, string? name, IReadOnlyList<KeyValuePair<string, string>>? headers)
    {
        var request = Create(HttpMethod.Post, "application/json, text/event-stream");
        request.Content = content;
        if (_connection.Version.Era() == ProtocolEra.Stateless)
        {
            request.Headers.TryAddWithoutValidation(McpHeaderNames.Method, method);
            if (name is not null)
            {
                request.Headers.TryAddWithoutValidation(McpHeaderNames.Name, HeaderValue.Encode(name));
            }
        }

        Add(request, headers);
        return request;
    }

    internal HttpRequestMessage Create(HttpMethod method, string accept)
    {
        var request = new HttpRequestMessage(method, _options.Endpoint)
        {
            Version = _options.HttpVersion,
            VersionPolicy = _options.HttpVersionPolicy,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (_options.Compression)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", HttpEncodings.Accepted);
        }

        // Revisions before 2025-06-18 do not know the header; before the handshake there is no version to name.
        if (_connection.Version >= ProtocolVersion.V2025_06_18)
        {
            request.Headers.TryAddWithoutValidation(McpHeaderNames.ProtocolVersion, _connection.Version.ToText());
        }

        if (SessionId is { } session && _connection.Version.Era() == ProtocolEra.Session)
        {
            request.Headers.TryAddWithoutValidation(McpHeaderNames.SessionId, session);
        }

        Add(request, _options.Headers);
        return request;
    }

    private static void Add(HttpRequestMessage request, IReadOnlyList<KeyValuePair<string, string>>? headers)
    {
        if (headers is not null)
        {
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    internal void KeepSession(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues(McpHeaderNames.SessionId, out var values)
            && values.FirstOrDefault() is { Length: > 0 } session
            && session.All(static c => c is >= '\x21' and <= '\x7E'))
        {
            SessionId = session;
        }
    }
}
