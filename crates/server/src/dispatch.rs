//! From a request's route to what answers it.

use std::time::Instant;

use bytes::Bytes;
use engine::Context;
use http::StatusCode;

use crate::app::{Reply, Running};
use crate::route::Target;
use crate::{App, Failure, Request};
use crate::{card, compression, health, openapi, page, predict, protocols};

impl App {
    /// What a request is answered, or why not.
    pub(crate) fn reply(&self, it: &Running<'_>) -> Result<Reply, Failure> {
        let request = it.request;
        let Some(route) = self.admit(request, it.arrival, it.route)? else {
            return Ok(Reply::of("text/plain", Bytes::new()));
        };
        if self.options.max_body < request.body().len() {
            return Err(compression::too_large(self.options.max_body));
        }
        match route.target {
            Target::Page if page::is_for_people(request.headers()) => {
                Ok(page::answer(request.headers(), page::index()))
            }
            Target::Asset(asset) => Ok(page::answer(request.headers(), asset)),
            Target::Page | Target::Card => {
                Ok(Reply::json(&card::card(&self.services, self.options.max_body)))
            }
            Target::Health => Ok(health::answer(self.is_ending())),
            Target::Live => Ok(health::live()),
            Target::Ready => Ok(health::ready(self.is_ending())),
            Target::Metrics => {
                Ok(Reply::of("text/plain; version=0.0.4; charset=utf-8", self.metrics.text()))
            }
            Target::OpenApi => {
                let has_key = self.options.api_key.is_some();
                Ok(Reply::json(&openapi::document(&self.services, has_key)))
            }
            Target::Inference => Ok(protocols::metadata()),
            Target::Models => {
                let names: Vec<&str> = self.services.iter().map(|it| it.name()).collect();
                Ok(protocols::names(&names))
            }
            Target::InferenceReady(at) | Target::ModelReady(at) => {
                Ok(health::model(self.name(at), self.is_ending()))
            }
            Target::InferenceModel(at) => Ok(match self.services[at].only_model() {
                Some(model) => protocols::model_metadata(self.name(at), &model),
                None => protocols::rows_metadata(self.services[at].as_ref()),
            }),
            Target::Choose(path) => Err(self.choose(path)),
            Target::Predict(_) | Target::Invoke(_) | Target::Infer(_) | Target::ModelPredict(_) => {
                self.predict(route.target, &self.unpacked(request)?, &it.context)
            }
        }
    }

    /// What a model answers.
    fn predict(
        &self,
        target: Target,
        request: &Request,
        context: &Context,
    ) -> Result<Reply, Failure> {
        if context.deadline.is_some_and(|it| it <= Instant::now()) {
            return Err(Failure::late());
        }
        let (Target::Predict(at)
        | Target::Invoke(at)
        | Target::Infer(at)
        | Target::ModelPredict(at)) = target
        else {
            return Err(Failure::internal(vec!["a route without an answer".to_owned()]));
        };
        let service = self.services[at].as_ref();
        match (target, service.only_model()) {
            (Target::Invoke(_), model) => {
                protocols::invoke(service, model.as_deref(), request, context)
            }
            (Target::Infer(_), Some(model)) => {
                protocols::infer(service.name(), &model, request, context)
            }
            (Target::Infer(_), None) => protocols::infer_rows(service, request, context),
            (Target::ModelPredict(_), Some(model)) => protocols::predict(&model, request, context),
            (Target::ModelPredict(_), None) => protocols::predict_rows(service, request, context),
            _ => predict::answer(service, request, context),
        }
    }

    fn name(&self, at: usize) -> &str {
        self.services[at].name()
    }

    /// The request with the body as it was before it was packed.
    fn unpacked(&self, request: &Request) -> Result<Request, Failure> {
        let limit = self.options.max_body;
        let body = compression::unpacked(request.headers(), request.body().clone(), limit)?;
        let mut all = Request::new(body);
        *all.method_mut() = request.method().clone();
        *all.uri_mut() = request.uri().clone();
        *all.headers_mut() = request.headers().clone();
        Ok(all)
    }

    fn choose(&self, path: &str) -> Failure {
        let paths: Vec<String> =
            self.services.iter().map(|it| format!("/{}/{path}", it.name())).collect();
        let text = format!("There are several services: {}", paths.join(", "));
        Failure::new(StatusCode::NOT_FOUND, text)
    }
}
