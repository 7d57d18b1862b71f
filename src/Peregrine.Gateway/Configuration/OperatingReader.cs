namespace Peregrine.Gateway.Configuration;

/// <summary>Reads what those who run a gateway need: who may use the admin API, what is recorded, and where telemetry goes.</summary>
internal sealed class OperatingReader(ProblemList problems)
{
    /// <summary>Adds it to a configuration.</summary>
    /// <param name="own">The <c>peregrine</c> object of the file.</param>
    /// <param name="configuration">What else the file says.</param>
    internal GatewayConfiguration Read(ConfigObject own, GatewayConfiguration configuration) => configuration with
    {
        AdminKey = ReadAdminKey(own),
        RecordCalls = own.Boolean("recordCalls"),
        SlowCall = own.Seconds("slowCallSeconds") ?? configuration.SlowCall,
        OtlpEndpoint = ReadOtlpEndpoint(own),
    };

    private AdminKey? ReadAdminKey(ConfigObject own)
    {
        const string Remedy = "Set an environment variable to the token, and write its name: \"${PEREGRINE_ADMIN_TOKEN}\".";
        if (own.Find("adminToken") is not { } member)
        {
            return null;
        }

        if (!member.Value.Text.Contains("${", StringComparison.Ordinal))
        {
            // Its text is not shown: it may be the secret.
            problems.Error(member.Value.Position, "\"peregrine.adminToken\" must be a reference to an environment variable: a secret does not belong into the file.", Remedy);
            return null;
        }

        if (own.Text("adminToken") is not { } token)
        {
            return null;
        }

        if (token.Length < AdminKey.MinLength)
        {
            problems.Error(member.Value.Position, $"The token that \"peregrine.adminToken\" refers to has {token.Length} characters; at least {AdminKey.MinLength} are asked for.", Remedy);
            return null;
        }

        return new AdminKey(token);
    }

    private Uri? ReadOtlpEndpoint(ConfigObject own)
    {
        if (own.Find("otlpEndpoint") is not { } member || own.Text("otlpEndpoint") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        problems.Error(member.Value.Position, $"\"peregrine.otlpEndpoint\" must be an absolute http or https URL; found {member.Value.DescribeUrl()}.", "Write for example \"http://localhost:4318\".");
        return null;
    }
}
