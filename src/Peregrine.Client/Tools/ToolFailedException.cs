using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tools;

/// <summary>A tool ran and failed. The message is what it said.</summary>
public sealed class ToolFailedException : PeregrineException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What the tool said.</param>
    public ToolFailedException(string message)
        : base(message, innerException: null)
    {
    }
}
