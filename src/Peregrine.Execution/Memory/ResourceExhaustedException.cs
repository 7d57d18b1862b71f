namespace Peregrine.Execution.Memory;

/// <summary>There is no memory to be had for a message. Becomes error 4003.</summary>
public sealed class ResourceExhaustedException : IOException
{
    /// <summary>Makes one.</summary>
    public ResourceExhaustedException()
        : this("Resource exhausted", isRetryable: false)
    {
    }

    /// <summary>Makes one that another try does not help.</summary>
    public ResourceExhaustedException(string message)
        : this(message, isRetryable: false)
    {
    }

    /// <summary>Makes one that another try does not help.</summary>
    public ResourceExhaustedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">Which limit was met and what to do; for the caller.</param>
    /// <param name="isRetryable">True where another try may find memory.</param>
    public ResourceExhaustedException(string message, bool isRetryable)
        : base(message)
    {
        IsRetryable = isRetryable;
    }

    /// <summary>True where another try may find memory.</summary>
    public bool IsRetryable { get; }
}
