namespace Peregrine.Interop.Tests.Drills;

/// <summary>One call of the drill and what came of it.</summary>
/// <param name="Route">Whom it was for.</param>
/// <param name="Begun">When it was sent, since the load began.</param>
/// <param name="Elapsed">How long until it was answered, or its connection broke.</param>
/// <param name="Code">0 for the right result, the code of an error, or <see cref="Lost"/>.</param>
/// <param name="Text">The error's words, for messages.</param>
internal sealed record DrillCall(string Route, TimeSpan Begun, TimeSpan Elapsed, int Code, string Text)
{
    /// <summary>No answer: the connection to the gateway broke.</summary>
    internal const int Lost = int.MinValue;

    /// <summary>An answer that nobody could have given to this call.</summary>
    internal const int Wrong = int.MaxValue;

    internal TimeSpan Ended => Begun + Elapsed;

    public override string ToString() => $"{Route} at {Begun.TotalSeconds:0.000} s, {Elapsed.TotalMilliseconds:0} ms: {Code} {Text}";
}
