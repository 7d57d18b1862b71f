using System.ComponentModel.DataAnnotations;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Validation;

/// <summary>A tool whose arguments the generated binder reads.</summary>
[McpTools]
internal sealed class ForecastTools
{
    /// <summary>A forecast.</summary>
    [McpTool]
    public static string Forecast([Length(1, 20)] string city, [Range(1, 14)] int days, bool details) => $"{city} {days} {details}";
}
