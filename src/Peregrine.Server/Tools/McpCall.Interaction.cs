using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Interaction;
using Peregrine.Server.Interaction.Forms;
using Peregrine.Server.Interaction.State;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Tools;

// What a call asks its client. One call in a tool's code serves both eras. In the session era it is a request, and the method waits. In the stateless era the run ends with
// the question, and the retry runs the method again from its beginning: what it asked before is answered at once, and what must not happen twice belongs into OnceAsync.
public readonly partial struct McpCall
{
    /// <summary>What the client can do, as it said with this request (2026-07-28) or when it opened the session (before).</summary>
    public McpClientCapabilities Client => Exchange.Client;

    /// <summary>The client's session; null in 2026-07-28, and where the call came without one.</summary>
    public PeregrineSession? Session => Exchange.Session;

    /// <summary>
    /// Asks the user to fill in a form (2025-06-18 and later). In 2026-07-28 the method runs again from its beginning when the answer has come; until then this ends it with an exception,
    /// which is to be let pass. To ask several things at once, begin all before the first is awaited.
    /// </summary>
    /// <param name="message">What the user is asked, and why.</param>
    /// <param name="form">The form.</param>
    /// <param name="name">
    /// By what an answer is matched with its question in 2026-07-28, 1 to 128 characters, unique in the call; null: by the order of the questions without names, which then has to be the same in every run.
    /// </param>
    /// <param name="cancellationToken">Stops waiting; so does the end of the call.</param>
    /// <returns>What the user did, which may be to decline.</returns>
    /// <exception cref="McpMissingCapabilityException">The client cannot show forms.</exception>
    /// <exception cref="McpToolException">No usable answer came (session era).</exception>
    public ValueTask<McpElicitAnswer> ElicitAsync(string message, McpForm form, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(form);
        return Ask(new ElicitQuestion(message, form), name, cancellationToken);
    }

    /// <summary>The same with a raw <c>requestedSchema</c>, UTF-8. Keep a <see cref="McpForm"/> instead where it is always the same.</summary>
    /// <exception cref="ArgumentException">The schema is no flat object of what elicitation allows.</exception>
    /// <inheritdoc cref="ElicitAsync(string, McpForm, string?, CancellationToken)"/>
    public ValueTask<McpElicitAnswer> ElicitAsync(string message, ReadOnlySpan<byte> requestedSchema, string? name = null, CancellationToken cancellationToken = default) =>
        ElicitAsync(message, McpForm.Parse(requestedSchema), name, cancellationToken);

    /// <summary>
    /// Asks the user to open an address, for what must not pass through the client (2025-11-25 and later). Acceptance means that the user agreed, not that anything was done there.
    /// </summary>
    /// <param name="message">Why the user should open it.</param>
    /// <param name="url">The address; absolute. It is seen by the client, so put no credentials into it.</param>
    /// <param name="name">As for forms.</param>
    /// <param name="cancellationToken">Stops waiting; so does the end of the call.</param>
    /// <exception cref="McpMissingCapabilityException">The client opens no addresses.</exception>
    /// <exception cref="McpToolException">No usable answer came (session era).</exception>
    public ValueTask<McpElicitAnswer> ElicitUrlAsync(string message, Uri url, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(url);
        return url.IsAbsoluteUri ? Ask(new ElicitQuestion(message, url, Guid.NewGuid().ToString("N")), name, cancellationToken)
            : throw new ArgumentException("The address must be absolute.", nameof(url));
    }

    /// <summary>
    /// Runs a step of the call once, however often the method runs: in 2026-07-28 its result travels sealed with the call from round to round. In the session era it simply runs. A
    /// call that a client begins anew, without the state, runs its steps anew.
    /// </summary>
    /// <param name="name">The step's name, 1 to 128 characters, unique in the call.</param>
    /// <param name="step">Gives one JSON value, UTF-8. All steps and answers of a call together may have about 12,000 bytes.</param>
    /// <param name="cancellationToken">Given to the step.</param>
    /// <returns>What the step gave, now or in an earlier round.</returns>
    /// <exception cref="InvalidOperationException">The step gave no JSON, or the call has two steps of one name.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> OnceAsync(string name, Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> step, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(step);
        var interaction = Interaction;
        if (interaction.TryGetStep(name, out var known))
        {
            return known;
        }

        var result = await step(cancellationToken).ConfigureAwait(false);
        if (!CarriedValues.IsJson(result.Span))
        {
            throw new InvalidOperationException($"The step \"{name}\" must give one JSON value.");
        }

        interaction.KeepStep(name, result.ToArray());
        return result;
    }

    /// <summary>Runs a step of the call once, with a result of any type.</summary>
    /// <param name="name">The step's name, 1 to 128 characters, unique in the call.</param>
    /// <param name="type">How the result is written and read.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">Given to the step.</param>
    /// <inheritdoc cref="OnceAsync(string, Func{CancellationToken, ValueTask{ReadOnlyMemory{byte}}}, CancellationToken)"/>
    public async ValueTask<T?> OnceAsync<T>(string name, JsonTypeInfo<T> type, Func<CancellationToken, ValueTask<T>> step, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(step);
        var interaction = Interaction;
        if (interaction.TryGetStep(name, out var known))
        {
            return JsonSerializer.Deserialize(known.Span, type);
        }

        var result = await step(cancellationToken).ConfigureAwait(false);
        interaction.KeepStep(name, JsonSerializer.SerializeToUtf8Bytes(result, type));
        return result;
    }

    private CallInteraction Interaction => Exchange.OpenInteraction(_generation, Server.StateSealer);

    private ValueTask<T> Ask<T>(ClientQuestion<T> question, string? name, CancellationToken cancellationToken)
        where T : class
    {
        var exchange = Exchange;
        if (exchange.Method is not (McpMethod.ToolsCall or McpMethod.PromptsGet or McpMethod.ResourcesRead))
        {
            throw new InvalidOperationException("Only a tool, a prompt or a resource may ask its client.");
        }

        if (exchange is { Era: ProtocolEra.Session, Session: null })
        {
            throw new McpToolException("The client cannot be asked: this call belongs to no session, so no answer can reach it.");
        }

        if (question.Missing(exchange.Client, exchange.Version) is { } missing)
        {
            throw missing;
        }

        var interaction = Interaction;
        if (exchange.Era == ProtocolEra.Session)
        {
            // The name serves no purpose here. It is judged all the same, so that a fault does not wait for the first client of the other era.
            interaction.Claim(name);
            return SessionQuestions.AskAsync(exchange, _generation, question, Server.Options.Interaction.AnswerTimeout, Server.Options.TimeProvider, cancellationToken);
        }

        try
        {
            return new ValueTask<T>(interaction.Ask(question, name, exchange.Version));
        }
        catch (CallSuspendedException suspended)
        {
            // Not thrown from here: the tool may want to ask more before it awaits. Looked at, for it may never await this one.
            var ended = Task.FromException<T>(suspended);
            _ = ended.Exception;
            return new ValueTask<T>(ended);
        }
    }
}
