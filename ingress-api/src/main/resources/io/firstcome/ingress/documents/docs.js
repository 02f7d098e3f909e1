// Disables the external validator, so that the page sends requests to this server only.
SwaggerUIBundle({ url: "/openapi.yaml", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
