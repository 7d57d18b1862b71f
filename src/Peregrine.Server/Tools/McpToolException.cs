namespace Peregrine.Server.Tools;

/// <summary>A failure whose message is meant for the caller: it becomes the text of a result with <c>isError</c>. Put no secret into it.</summary>
public sealed class McpToolException : Exception
{
    /// <summary>Makes one with a general message.</summary>
    public McpToolException()
        : base("The tool failed.")
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What went wrong and what the caller can do.</param>
    public McpToolException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What went wrong and what the caller can do.</param>
    /// <param name="innerException">The cause; it is logged and not sent.</param>
    public McpToolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
