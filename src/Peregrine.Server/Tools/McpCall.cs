using System.Globalization;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Validation;

namespace Peregrine.Server.Tools;

/// <summary>
/// A handle to one running call of a tool, a prompt or a resource. It may be copied and passed on; once the call has ended every use throws <see cref="ObjectDisposedException"/>.
/// Members that write the result are for tools (prompts and resources return theirs), and for one thread at a time; <see cref="ReportProgressAsync"/> may be called from any.
/// </summary>
public readonly partial struct McpCall
{
    private readonly McpExchange? _exchange;
    private readonly PeregrineServer? _server;
    private readonly int _generation;

    internal McpCall(McpExchange exchange, PeregrineServer server)
    {
        _exchange = exchange;
        _server = server;
        _generation = exchange.Generation;
    }

    /// <summary>The protocol revision under which the call came.</summary>
    public ProtocolVersion ProtocolVersion => Exchange.Version;

    /// <summary>Fires when the caller cancels or goes away.</summary>
    public CancellationToken CancellationToken => Exchange.CancellationToken;

    /// <summary>
    /// The services of this call: those of the request (HTTP), else a scope of the server's services, made at the first look and disposed when the call has ended. Null where the server
    /// has no services.
    /// </summary>
    public IServiceProvider? Services => Exchange.Services ?? (Server.Injection is { Provider: not null } services ? State.GetServices(services) : null);

    /// <summary>The raw <c>arguments</c> object; <c>{}</c> where the caller left it out. Valid until the call ends.</summary>
    public ReadOnlyMemory<byte> RawArguments
    {
        get
        {
            var exchange = Exchange;
            return exchange.Envelope.Arguments.IsPresent ? exchange.Envelope.Arguments.Of(exchange.Body) : EmptyObject;
        }
    }

    /// <summary>True where the caller asked for progress notifications.</summary>
    public bool WantsProgress => Exchange.Envelope.ProgressToken.IsPresent;

    private static ReadOnlyMemory<byte> EmptyObject { get; } = "{}"u8.ToArray();

    internal McpExchange Exchange
    {
        get
        {
            var exchange = _exchange ?? throw new InvalidOperationException("This McpCall was not made by a server.");
            exchange.Verify(_generation);
            return exchange;
        }
    }

    /// <summary>The server that the call came to.</summary>
    internal PeregrineServer Server => _server!;

    /// <summary>Returns one text block.</summary>
    public void ReturnText(ReadOnlySpan<char> text)
    {
        var writer = ToolResultWriter.Begin(Exchange);
        writer.Write("{\"type\":\"text\",\"text\":"u8);
        JsonStringWriter.WriteString(writer, text);
        writer.WriteByte((byte)'}');
        ToolResultWriter.End(Exchange, _server!, isError: false);
    }

    /// <summary>Returns one text block, whose text is already UTF-8.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public void ReturnText(ReadOnlySpan<byte> utf8)
    {
        var writer = ToolResultWriter.Begin(Exchange);
        writer.Write("{\"type\":\"text\",\"text\":"u8);
        JsonStringWriter.WriteString(writer, utf8);
        writer.WriteByte((byte)'}');
        ToolResultWriter.End(Exchange, _server!, isError: false);
    }

    /// <summary>Returns one text block with the invariant text of <paramref name="value"/>.</summary>
    public void ReturnValue<T>(T value)
        where T : IUtf8SpanFormattable
    {
        Span<byte> buffer = stackalloc byte[128];
        if (value.TryFormat(buffer, out var written, default, CultureInfo.InvariantCulture))
        {
            ReturnText(buffer[..written]);
        }
        else
        {
            ReturnText(((value as IFormattable)?.ToString(null, CultureInfo.InvariantCulture) ?? value.ToString() ?? "").AsSpan());
        }
    }

    /// <summary>Returns one text block: <c>true</c> or <c>false</c>.</summary>
    public void ReturnValue(bool value) => ReturnText(value ? "true"u8 : "false"u8);

    /// <summary>Returns a result without content.</summary>
    public void ReturnNothing()
    {
        ToolResultWriter.Begin(Exchange);
        ToolResultWriter.End(Exchange, _server!, isError: false);
    }

    /// <summary>Returns a failure of the tool: a result with <c>isError</c> and one text block.</summary>
    /// <param name="message">What went wrong, for the model.</param>
    public void ReturnToolError(ReadOnlySpan<char> message) => ToolResultWriter.WriteToolError(Exchange, _server!, message);

    /// <summary>
    /// Refuses the arguments. 2025-11-25 and later: a result with <c>isError</c>, so that the model can correct itself; before: error -32602. Where the tool's input schema finds
    /// further violations in the arguments, all of them are named behind <paramref name="message"/>.
    /// </summary>
    /// <param name="message">Which argument is wrong, what was found and what is wanted.</param>
    public void RejectArguments(string message)
    {
        var exchange = Exchange;
        ArgumentRefusal.Answer(exchange, _server!, _server!.Validation.Explain(exchange, message));
    }

    /// <summary>
    /// Tells the caller how far the call is, where the caller asked; in any case the call's time without progress begins anew. Ends when the front has taken the bytes.
    /// </summary>
    /// <param name="progress">Must grow from report to report.</param>
    /// <param name="total">What progress will be at the end, where known.</param>
    /// <param name="message">What is being done, for people (2025-03-26 and later).</param>
    /// <param name="cancellationToken">Stops waiting for a slow reader.</param>
    public ValueTask ReportProgressAsync(double progress, double? total = null, string? message = null, CancellationToken cancellationToken = default)
    {
        var exchange = Exchange;
        exchange.NoteProgress(_generation);
        return exchange.Envelope.ProgressToken.IsPresent
            ? ProgressWriter.SendAsync(exchange, _generation, progress, total, message, cancellationToken)
            : default;
    }
}
