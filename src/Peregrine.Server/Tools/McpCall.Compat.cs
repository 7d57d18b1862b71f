using Peregrine.Protocol.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Compat.Roots;
using Peregrine.Server.Compat.Sampling;
using Peregrine.Server.Interaction;
using Peregrine.Server.Interaction.State;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Tools;

// What 2026-07-28 has deprecated: sampling, roots, logging. It works in every revision that has it; new servers should not build on it.
public readonly partial struct McpCall
{
    /// <summary>
    /// Asks the client's model. Deprecated in 2026-07-28, where it still works as <see cref="ElicitAsync(string, Interaction.Forms.McpForm, string?, CancellationToken)"/> does: the method runs
    /// again from its beginning. A new server calls a model itself.
    /// </summary>
    /// <param name="request">What to ask.</param>
    /// <param name="name">By what the answer is matched with its question in 2026-07-28, or null: by order.</param>
    /// <param name="cancellationToken">Stops waiting; so does the end of the call.</param>
    /// <exception cref="ArgumentException">The request is faulty; the message names every fault.</exception>
    /// <exception cref="McpMissingCapabilityException">The client cannot do that, or not with tools.</exception>
    /// <exception cref="McpToolException">No usable answer came (session era).</exception>
    public ValueTask<McpSamplingAnswer> SampleAsync(McpSamplingRequest request, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Ask(new SamplingQuestion(request), name, cancellationToken);
    }

    /// <summary>The same with raw <c>params</c> of <c>sampling/createMessage</c>, a JSON object, UTF-8.</summary>
    /// <inheritdoc cref="SampleAsync(McpSamplingRequest, string?, CancellationToken)"/>
    public ValueTask<McpSamplingAnswer> SampleAsync(ReadOnlySpan<byte> parameters, string? name = null, CancellationToken cancellationToken = default) =>
        Ask(new SamplingQuestion(parameters), name, cancellationToken);

    /// <summary>
    /// The folders in which the client works. Deprecated in 2026-07-28, where it still works and the method runs again from its beginning: a new tool takes its paths as arguments. In a
    /// session they are asked for once, and again when the client has said that they changed; a client that does not say so is asked every time.
    /// </summary>
    /// <param name="name">By what the answer is matched with its question in 2026-07-28, or null: by order.</param>
    /// <param name="cancellationToken">Stops waiting; so does the end of the call.</param>
    /// <exception cref="McpMissingCapabilityException">The client has no roots.</exception>
    /// <exception cref="McpToolException">No usable answer came (session era).</exception>
    public ValueTask<IReadOnlyList<McpRoot>> RootsAsync(string? name = null, CancellationToken cancellationToken = default)
    {
        var exchange = Exchange;
        if (exchange is not { Era: ProtocolEra.Session, Session: { Client.RootsListChanged: true } session })
        {
            return Ask(RootsQuestion.Instance, name, cancellationToken);
        }

        return session.Roots.Find(out var changes) is { } known ? new ValueTask<IReadOnlyList<McpRoot>>(known)
            : AskAndKeepAsync(Ask(RootsQuestion.Instance, name, cancellationToken), session.Roots, changes);
    }

    /// <summary>True where the client wants messages of this severity from this call. False unless it said so.</summary>
    public bool WantsLog(McpLogLevel level) => Exchange.WantedLogLevel(_generation) is { } wanted && level >= wanted;

    /// <summary>
    /// Tells the client something with <c>notifications/message</c>, ahead of the reply. Deprecated in 2026-07-28, where it still works: a new server writes to its own log. Does nothing where
    /// the client does not want messages of this severity: then nothing but the test is paid for. May be called from any thread.
    /// </summary>
    /// <param name="level">How severe it is.</param>
    /// <param name="message">What to say. It goes to the client: put no secret into it.</param>
    /// <param name="logger">Who says it, or null.</param>
    /// <param name="cancellationToken">Stops waiting for a slow reader.</param>
    public ValueTask LogAsync(McpLogLevel level, string message, string? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!WantsLog(level))
        {
            return default;
        }

        using var data = new PooledByteWriter(256);
        JsonStringWriter.WriteString(data, message.AsSpan());
        return LogMessages.SendAsync(Exchange, _generation, Server.Options.Logging, level, data.WrittenSpan, logger, cancellationToken);
    }

    /// <summary>The same with any data, raw JSON in UTF-8.</summary>
    /// <exception cref="ArgumentException">The data is no JSON.</exception>
    /// <inheritdoc cref="LogAsync(McpLogLevel, string, string?, CancellationToken)"/>
    public ValueTask LogAsync(McpLogLevel level, ReadOnlySpan<byte> data, string? logger = null, CancellationToken cancellationToken = default)
    {
        if (!WantsLog(level))
        {
            return default;
        }

        return CarriedValues.IsJson(data) ? LogMessages.SendAsync(Exchange, _generation, Server.Options.Logging, level, data, logger, cancellationToken)
            : throw new ArgumentException("The data must be one JSON value.", nameof(data));
    }

    private static async ValueTask<IReadOnlyList<McpRoot>> AskAndKeepAsync(ValueTask<IReadOnlyList<McpRoot>> asking, SessionRoots roots, int changes)
    {
        var answer = await asking.ConfigureAwait(false);
        roots.Keep(answer, changes);
        return answer;
    }
}
